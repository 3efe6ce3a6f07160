import { bulkAgainstKeyGeneration, bulkAgainstOpenssl, bulkStall } from './authority/bulk.ts';
import { crlAgainstOpenssl, crlMemory, crlStall, crlWaysStall } from './authority/crl.ts';
import { ecUnderEc } from './authority/ec-issue.ts';
import { exportStall } from './authority/export.ts';
import { importIndex, importIndexStall } from './authority/import-index.ts';
import { brokerEventLoopStall } from './broker/event-loop-stall.ts';
import { hupStall } from './broker/hup-stall.ts';
import { oneChange } from './broker/one-change.ts';
import { renderLintPlan } from './broker/render-lint-plan.ts';
import { campaignOf100 } from './device/campaign.ts';
import { threeFileDeploy } from './device/three-file-deploy.ts';
import { ecAgainstKeyAndSignature, rsaAgainstKeyGeneration } from './issue/against-keygen.ts';
import { ecAgainstOpenssl, rsaAgainstOpenssl } from './issue/against-openssl.ts';
import { demo } from './issue/demo.ts';
import { eventLoopStall } from './issue/event-loop-stall.ts';
import { floodStall } from './monitor/event-loop-stall.ts';
import { bursts, consoleCpu, ingestCpu, sustained } from './monitor/ingest.ts';
import { memoryMonitor } from './monitor/memory.ts';
import { recordingCpu } from './monitor/recording.ts';
import { treeStall } from './monitor/tree-stall.ts';
import { policyDecisions, policyGrowth, policyOwnRules } from './policy/decisions.ts';
import { policyHttpDecisions } from './policy/http-decisions.ts';
import type { BenchRow } from './row.ts';
import { frameTime1000, frameTime20000 } from './window/frame-time.ts';
import { memory20000 } from './window/memory.ts';
import { treeOpen, treeSearch } from './window/tree-100000.ts';

/** Every row, in the order in which it runs. */
export const rows: readonly BenchRow[] = [
  rsaAgainstKeyGeneration,
  rsaAgainstOpenssl,
  ecAgainstKeyAndSignature,
  ecAgainstOpenssl,
  eventLoopStall,
  demo,
  renderLintPlan,
  brokerEventLoopStall,
  oneChange,
  hupStall,
  threeFileDeploy,
  campaignOf100,
  bulkAgainstKeyGeneration,
  bulkAgainstOpenssl,
  bulkStall,
  ecUnderEc,
  crlAgainstOpenssl,
  crlMemory,
  crlStall,
  crlWaysStall,
  exportStall,
  importIndex,
  importIndexStall,
  policyDecisions,
  policyGrowth,
  policyOwnRules,
  policyHttpDecisions,
  treeStall,
  frameTime20000,
  frameTime1000,
  treeOpen,
  treeSearch,
  memory20000,
  ingestCpu,
  consoleCpu,
  recordingCpu,
  memoryMonitor,
  sustained,
  bursts,
  floodStall,
];
