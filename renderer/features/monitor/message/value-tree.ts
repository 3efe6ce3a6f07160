// A payload's value as a tree of lines. Of JSON, numbers keep the digits that were sent and a key that occurs twice is
// shown twice: what JSON.parse would make of them is not what came.

import { type JsonNode, NoJson, parseJsonText } from '../../../../shared/model/json/json-text.ts';
import { type JsonValue, readJson, readText } from '../../../../shared/model/payload/json.ts';
import { childPointer } from '../../../../shared/model/payload/pointer.ts';
import { visibleText } from '../../../../shared/model/visible-text.ts';

export type ValueNode = {
  /** JSON Pointer (RFC 6901). */
  readonly path: string;
  /** Null at the root. */
  readonly key: string | null;
  readonly kind: 'object' | 'array' | 'number' | 'text' | 'word';
  /** What a leaf is shown as. */
  readonly text: string;
  readonly children: readonly ValueNode[];
};

/** Null when the payload is no JSON, or too large or too deep to be read. */
export function jsonTree(bytes: Uint8Array): ValueNode | null {
  const text = readText(bytes);
  if (!text.ok || !readJson(bytes).ok) return null;
  try {
    return ofNode(text.value, parseJsonText(text.value), '', null);
  } catch (error) {
    if (error instanceof NoJson) return null;
    throw error;
  }
}

function ofNode(source: string, node: JsonNode, path: string, key: string | null): ValueNode {
  switch (node.kind) {
    case 'object': {
      const children = node.members.map((member) =>
        ofNode(source, member.value, childPointer(path, member.key), member.key),
      );
      return { path, key, kind: 'object', text: '', children };
    }
    case 'array': {
      const children = node.items.map((item, i) => ofNode(source, item, childPointer(path, i), String(i)));
      return { path, key, kind: 'array', text: '', children };
    }
    case 'leaf': {
      const text = source.slice(node.start, node.end);
      const kind = text.startsWith('"') ? 'text' : /^[-\d]/.test(text) ? 'number' : 'word';
      return { path, key, kind, text: visibleText(text), children: [] };
    }
  }
}

export function valueTree(value: JsonValue, path = '', key: string | null = null): ValueNode {
  if (typeof value === 'object' && value !== null) {
    const children = Object.entries(value).map(([name, part]) => valueTree(part, childPointer(path, name), name));
    return { path, key, kind: Array.isArray(value) ? 'array' : 'object', text: '', children };
  }
  const kind = typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'word';
  return { path, key, kind, text: visibleText(JSON.stringify(value)), children: [] };
}

export type ValueRow = { readonly node: ValueNode; readonly depth: number; readonly isOpen: boolean };

/** Branches deeper than this, or with more members, are closed until somebody opens them. */
const openDepth = 3;
const openMembers = 60;

/** The lines in sight order; `toggled` holds the paths that the operator opened or closed. */
export function valueRows(root: ValueNode, toggled: ReadonlySet<string>): ValueRow[] {
  const rows: ValueRow[] = [];
  const visit = (node: ValueNode, depth: number) => {
    const isOpenAtFirst = depth < openDepth && node.children.length <= openMembers;
    const isOpen = node.children.length > 0 && toggled.has(node.path) !== isOpenAtFirst;
    rows.push({ node, depth, isOpen });
    if (isOpen) for (const child of node.children) visit(child, depth + 1);
  };
  visit(root, 0);
  return rows;
}
