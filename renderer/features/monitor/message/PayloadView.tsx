import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { readCbor } from '../../../../shared/model/payload/cbor.ts';
import { readJson, readText } from '../../../../shared/model/payload/json.ts';
import { usePlottedPaths } from '../plots/use-plotted-paths.ts';
import classes from './Message.module.css';
import { asHex, asText, hexBytes, shownBytes } from './payload-text.ts';
import { ValueTree } from './ValueTree.tsx';
import { jsonTree, type ValueNode, valueTree } from './value-tree.ts';

type View = 'json' | 'cbor' | 'text' | 'hex';

/** Almost any byte is some CBOR: only maps and lists are taken for it unasked. */
function cborTree(bytes: Uint8Array): ValueNode | null {
  const read = readCbor(bytes);
  return read.ok && typeof read.value === 'object' && read.value !== null ? valueTree(read.value) : null;
}

/** What keeps a payload from being read, where that is not simply that it is another format. */
function whyNoTree(bytes: Uint8Array): string | null {
  const text = readText(bytes);
  if (!text.ok) return `Shown as text. ${text.reason}`;
  const json = readJson(bytes);
  return !json.ok && /^\s*[[{]/.test(text.value) ? `Shown as text. ${json.reason}` : null;
}

/** The payload as what it can be read as; what cannot is said, and never evaluated. */
export function PayloadView({ topic, bytes }: { topic: string; bytes: Uint8Array }) {
  const [wanted, setWanted] = useState<View>('json');
  const json = useMemo(() => jsonTree(bytes), [bytes]);
  const why = useMemo(() => (json ? null : whyNoTree(bytes)), [bytes, json]);
  const cbor = useMemo(() => (json ? null : cborTree(bytes)), [bytes, json]);
  const { plotted, toggle } = usePlottedPaths(topic);
  const shown = shownAs(wanted, json, cbor);
  const tree = shown === 'json' ? json : shown === 'cbor' ? cbor : null;
  const hidden = tree ? 0 : Math.max(0, bytes.length - (shown === 'hex' ? hexBytes : shownBytes));
  return (
    <>
      <SegmentedControl
        aria-label="Show the payload as"
        value={shown}
        onChange={(value) => setWanted(value)}
        data={[
          { value: 'json', label: 'JSON', disabled: json === null },
          { value: 'cbor', label: 'CBOR', disabled: cbor === null },
          { value: 'text', label: 'Text' },
          { value: 'hex', label: 'Hex' },
        ]}
      />
      {hidden > 0 && <p className={classes.hidden}>The last {hidden} bytes are not shown.</p>}
      {shown === 'text' && why && <p className={classes.hidden}>{why}</p>}
      {tree ? (
        <ValueTree root={tree} plotted={plotted} onPlot={toggle} />
      ) : (
        <pre className={classes.payload} data-view={shown}>
          {(shown === 'hex' ? asHex(bytes) : asText(bytes)) || '(empty)'}
        </pre>
      )}
    </>
  );
}

function shownAs(wanted: View, json: ValueNode | null, cbor: ValueNode | null): View {
  if (wanted === 'text' || wanted === 'hex') return wanted;
  if (json) return 'json';
  return cbor ? 'cbor' : 'text';
}
