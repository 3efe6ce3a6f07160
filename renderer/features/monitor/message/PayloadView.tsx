import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { usePlottedPaths } from '../plots/use-plotted-paths.ts';
import classes from './Message.module.css';
import { readPayload } from './payload-reading.ts';
import { asHex, asText, hexBytes, shownBytes } from './payload-text.ts';
import { ValueTree } from './ValueTree.tsx';
import type { ValueNode } from './value-tree.ts';

type View = 'json' | 'cbor' | 'text' | 'hex';

/** The payload as what it can be read as; what cannot is said, and never evaluated. `isCut`: `bytes` are its beginning only. */
export function PayloadView({ topic, bytes, isCut }: { topic: string; bytes: Uint8Array; isCut: boolean }) {
  const [wanted, setWanted] = useState<View>('json');
  const { json, cbor, why } = useMemo(() => readPayload(bytes, isCut), [bytes, isCut]);
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
