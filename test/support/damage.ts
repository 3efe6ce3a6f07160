import type { SeededRandom } from './seeded-random.ts';

const nasty = [
  ...['\t', '\0', '\r', '\n', '\v', '\f', ' ', '#', '+', '/', ':', '$', '=', '"', '\\', '%', '\x7f', '\x01'],
  ...['\u00a0', '\ufeff', '\u200b', '\u2028', '\u202e', '\ufffe', '\u{1f600}', 'é', '\u0085'],
].map((text) => Buffer.from(text, 'utf8'));

/** One to three accidents: octets that are lost, doubled, changed or pushed in, an end that is cut off. */
export function damage(random: SeededRandom, content: Buffer): Buffer {
  let damaged = content;
  for (let times = 1 + random.below(3); times > 0; times--) damaged = once(random, damaged);
  return damaged;
}

function once(random: SeededRandom, content: Buffer): Buffer {
  const at = random.below(content.length + 1);
  const [before, after] = [content.subarray(0, at), content.subarray(at)];
  switch (random.below(8)) {
    case 0:
      return before;
    case 1:
      return Buffer.concat([before, after.subarray(1)]);
    case 2:
      return Buffer.concat([before, after.subarray(0, random.below(20)), after]);
    case 3: {
      const changed = Buffer.from(content);
      if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
      return changed;
    }
    case 4:
      return Buffer.concat([before, Buffer.from([random.pick([0x80, 0xc0, 0xff, 0xed])]), after]);
    default:
      return Buffer.concat([before, nasty[random.below(nasty.length)] ?? before, after]);
  }
}
