import { describe, expect, it } from 'vitest';
import { type ReadImport, readPlantImport } from '../../../shared/model/plant-import.ts';

function read(text: string): ReadImport {
  const steps = readPlantImport(text);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
const inputs = (text: string) => read(text).rows.map(({ input }) => input);
const faults = (text: string) =>
  read(text).rows.map(({ row }) => row.faults.map(({ code, field }) => `${code} ${field}`));

describe('a list of plants', () => {
  it('has its columns in any order, under the names that people give them', () => {
    const plant = { name: 'Pump', site: 'Brno', authMethod: 'MTLS', plantId: 'a1b2c3d4-0000-0000-0000-000000000001' };
    expect(inputs(`UUID;Site;Auth_Method;Name\n${plant.plantId.toUpperCase()};Brno; mtls ;Pump\n`)).toEqual([plant]);
    expect(inputs('name,method\nPump,certificate\nGateway,JWT\nOld,password\n')).toEqual([
      { name: 'Pump', site: null, authMethod: 'MTLS' },
      { name: 'Gateway', site: null, authMethod: 'TOKEN' },
      { name: 'Old', site: null, authMethod: 'PASSWORD' },
    ]);
    expect(read('name,auth,owner,\nPump,MTLS,me,\n').ignoredColumns).toEqual(['owner', '']);
  });

  it('tells every fault of a line', () => {
    expect(faults('name,auth,uuid\n,MTLS,1\nPump,,\nPump,MTLS\n"Pump,MTLS,\n')).toEqual([
      ['invalid-value plantId', 'invalid-value name'],
      ['invalid-value authMethod'],
      ['broken-line null'],
      ['broken-line null'],
    ]);
  });

  it('shows hostile text as what it is', () => {
    const [first] = read('name,auth\n"Pump\u202e\n1",MTLS\n').rows;
    expect(first?.row.name).toBe('Pump\ufffd\ufffd1');
    expect(first?.input).toBeUndefined();
  });
});
