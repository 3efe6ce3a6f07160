const nodeTypes = ['NBIRTH', 'NDEATH', 'NDATA', 'NCMD'] as const;
const deviceTypes = ['DBIRTH', 'DDEATH', 'DDATA', 'DCMD'] as const;

export type SparkplugTopic =
  | { readonly type: 'STATE'; readonly hostId: string }
  | { readonly type: (typeof nodeTypes)[number]; readonly group: string; readonly node: string }
  | {
      readonly type: (typeof deviceTypes)[number];
      readonly group: string;
      readonly node: string;
      readonly device: string;
    };

/** The parts of a Sparkplug B 3.0 topic (chapter 4), or null for another topic. The payload is not looked at. */
export function parseSparkplugTopic(topic: string): SparkplugTopic | null {
  const levels = topic.split('/', 6);
  const [namespace, group, kind, node, device] = levels;
  if (namespace !== 'spBv1.0' || levels.length > 5 || levels.includes('')) return null;
  if (group === 'STATE') return levels.length === 3 && kind !== undefined ? { type: 'STATE', hostId: kind } : null;
  if (group === undefined || node === undefined) return null;
  const nodeType = nodeTypes.find((type) => type === kind);
  if (nodeType !== undefined) return device === undefined ? { type: nodeType, group, node } : null;
  const deviceType = deviceTypes.find((type) => type === kind);
  return deviceType !== undefined && device !== undefined ? { type: deviceType, group, node, device } : null;
}
