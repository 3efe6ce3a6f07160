// The directions of the house: hosts -> core -> operations -> rooms -> platform, shared.
// A room that needs a neighbour gets what it needs as an argument from `operations`.

const rooms = ['authority', 'credentials', 'broker', 'device', 'remote', 'monitor', 'policy'];
const mayUse = { broker: ['remote'], device: ['remote'] };
/** Electron's own package, and its entry points that only Electron itself resolves. */
const electronPackage = '^(node_modules/electron/|electron/(main|renderer|common|utility)$)';
const under = (names) => `^electron/(${names.join('|')})/`;

/** Each room sees platform, shared, itself and the rooms granted above. */
const roomRules = [...rooms, 'vault', 'practice'].map((room) => ({
  name: `room-${room}`,
  comment: `${room} may import only itself, platform, shared${(mayUse[room] ?? []).map((r) => `, ${r}`).join('')}`,
  severity: 'error',
  from: { path: `^electron/${room}/` },
  to: { path: '^(electron|renderer|scripts|test)/', pathNot: under([room, 'platform', ...(mayUse[room] ?? [])]) },
}));

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['\\.css$', electronPackage] },
    },
    ...roomRules,
    {
      name: 'platform-is-the-ground',
      severity: 'error',
      from: { path: '^electron/platform/' },
      to: { path: '^(electron|renderer|scripts|test)/', pathNot: '^electron/platform/' },
    },
    {
      name: 'operations-below-core',
      severity: 'error',
      from: { path: '^electron/operations/' },
      to: { path: '^(electron/(core|host-)|electron/[^/]+\\.ts$|renderer/|scripts/|test/)' },
    },
    {
      name: 'core-below-hosts',
      severity: 'error',
      from: { path: '^electron/core/' },
      to: { path: '^(electron/host-|electron/[^/]+\\.ts$|renderer/|scripts/|test/)' },
    },
    {
      name: 'hosts-speak-to-core-only',
      severity: 'error',
      from: { path: '^electron/host-' },
      to: { path: under([...rooms, 'vault', 'operations', 'practice']) },
    },
    {
      name: 'shared-is-pure',
      comment: 'shared has no Node and no DOM: zod and the oRPC contract package only',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: '^(shared/|node_modules/(zod|@orpc/contract)/)' },
    },
    {
      name: 'renderer-sees-shared-only',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(electron|scripts|test)/' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'electron-only-in-the-desktop-host',
      comment: 'require("electron") throws where its binary is missing',
      severity: 'error',
      from: { pathNot: '^electron/(host-desktop/|main\\.ts$|preload\\.ts$)' },
      to: { path: electronPackage },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // swc reports `import type` like any other import. tsPreCompilationDeps would ask for a TypeScript before 7.
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
