// How V8 runs in the console's process, whichever host that is in; package.json says the same for `npm run headless`.
//
// At broker speed nearly everything is garbage at once, and V8 lets its young generation grow: to 100 MB of it, which
// some collection gives back and the next minutes take again. With 8 MB a half the console at 20,000 messages a second
// stays some 70 MB smaller and where it is, for about one part in a hundred of the processor time (`npm run soak`).

export const v8Flags: readonly string[] = ['--max-semi-space-size=8'];
