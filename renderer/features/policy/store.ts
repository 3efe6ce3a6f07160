// The rules on the workbench: one text, edited by form and by hand, that is nobody's rules until it is saved and put in force.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PolicyAction, PolicySubject } from '../../../shared/model/policy.ts';
import type { AclClient } from '../../../shared/model/policy-acl.ts';
import type { PolicyService, PolicyServiceSettings } from '../../../shared/model/policy-service.ts';
import type { PolicyFindings, PolicyVersion } from '../../../shared/model/policy-version.ts';
import { ask, coalesce, readyValue, type Snapshot, waiting } from '../../app/snapshot.ts';
import type { ConsoleClient } from '../../transport.ts';

export type Draft = {
  readonly text: string;
  /** The version that it was opened from, and its text; null for rules that were never saved. */
  readonly base: { readonly version: number; readonly text: string } | null;
};

/** What “Try it” asks. */
export type Question = {
  readonly way: 'subject' | 'token';
  readonly id: string;
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  readonly token: string;
  readonly action: PolicyAction;
  readonly topic: string;
};

export type PolicyStore = {
  readonly versions: Snapshot<readonly PolicyVersion[]>;
  readonly service: Snapshot<PolicyService>;
  /** Null until there are rules to work on. */
  readonly draft: Draft | null;
  /** Of the draft as it was at the last pause in typing. */
  readonly findings: Snapshot<PolicyFindings>;
  readonly question: Question;
  /** The offset in the text that the JSON editor shall show, once. */
  readonly place: number | null;
  /** What the operator added to the matrix. */
  readonly added: { readonly subjects: readonly PolicySubject[]; readonly topics: readonly string[] };
  /** Whom an acl_file is written for. */
  readonly aclClients: readonly AclClient[];
  refresh(): Promise<void>;
  edit(text: string): void;
  /** Puts a version on the workbench. */
  open(version: number): Promise<void>;
  /** Puts other rules on the workbench. */
  begin(text: string): void;
  save(note: string): Promise<PolicyVersion>;
  activate(version: number): Promise<void>;
  setQuestion(question: Partial<Question>): void;
  showPlace(offset: number | null): void;
  addToMatrix(subjects: readonly PolicySubject[], topics: readonly string[]): void;
  setAclClients(clients: readonly AclClient[]): void;
  configureService(settings: PolicyServiceSettings): Promise<void>;
  startService(): Promise<void>;
  stopService(): Promise<void>;
  reset(): void;
};

const noQuestion: Question = {
  way: 'subject',
  id: '',
  groups: [],
  scopes: [],
  token: '',
  action: 'subscribe',
  topic: '',
};
const nothing = {
  versions: waiting,
  service: waiting,
  draft: null,
  findings: waiting,
  question: noQuestion,
  place: null,
  added: { subjects: [], topics: [] },
  aclClients: [],
};

export const isChanged = ({ text, base }: Draft): boolean => text !== base?.text;

export const createPolicyStore = (client: ConsoleClient): StoreApi<PolicyStore> =>
  createStore<PolicyStore>((set, get) => {
    const check = coalesce(async () => {
      const { draft } = get();
      if (!draft) return;
      const findings = await ask(() => client.policy.checkRules({ text: draft.text }));
      // What was typed meanwhile is checked by the run that follows.
      if (get().draft?.text === draft.text) set({ findings });
    });
    const show = (draft: Draft) => {
      set({ draft });
      void check();
    };
    const open = async (version: number) => {
      const { text } = await client.policy.getRules({ version });
      show({ text, base: { version, text } });
    };
    const refreshVersions = coalesce(async () => {
      const versions = await ask(() => client.policy.listRules());
      set({ versions });
      const list = readyValue(versions) ?? [];
      const first = list.find(({ isActive }) => isActive) ?? list[0];
      if (!get().draft && first) await open(first.version).catch(() => {});
    });
    return {
      ...nothing,
      refresh: coalesce(async () => {
        await refreshVersions();
        set({ service: await ask(() => client.policy.getService()) });
      }),
      edit: (text) => {
        const { draft } = get();
        if (draft) show({ ...draft, text });
      },
      open,
      begin: (text) => show({ text, base: get().draft?.base ?? null }),
      save: async (note) => {
        const { draft } = get();
        if (!draft) throw new Error('there is nothing to save');
        const saved = await client.policy.saveRules({ text: draft.text, note });
        const now = get().draft;
        if (now) set({ draft: { ...now, base: { version: saved.version, text: draft.text } } });
        await refreshVersions();
        return saved;
      },
      activate: async (version) => {
        await client.policy.activateRules({ version });
        await refreshVersions();
      },
      setQuestion: (question) => set({ question: { ...get().question, ...question } }),
      showPlace: (place) => set({ place }),
      setAclClients: (aclClients) => set({ aclClients }),
      addToMatrix: (subjects, topics) => {
        const { added } = get();
        const known = added.topics.filter((topic) => !topics.includes(topic));
        set({ added: { subjects: [...subjects, ...added.subjects], topics: [...topics, ...known] } });
      },
      configureService: async (settings) => {
        const service = await client.policy.configureService(settings);
        set({ service: { status: 'ready', value: service } });
      },
      startService: async () => {
        const service = await client.policy.startService();
        set({ service: { status: 'ready', value: service } });
      },
      stopService: async () => {
        const service = await client.policy.stopService();
        set({ service: { status: 'ready', value: service } });
      },
      reset: () => set(nothing),
    };
  });
