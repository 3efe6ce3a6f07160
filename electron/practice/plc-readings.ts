import type { UnsignedSnapshot } from '../../shared/model/telemetry.ts';

type Readings = UnsignedSnapshot['devices'];

const minute = 60_000;
const hour = 60 * minute;

/** One turn in `period` milliseconds: -1 to 1. */
const wave = (time: number, period: number): number => Math.sin((2 * Math.PI * time) / period);
const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Bits of the cabinet's inputs: mains present, doors closed, fuse intact; the fan comes and goes. */
const cabinetBits = { mains: 1 << 0, doorClosed: 1 << 1, fuseIntact: 1 << 2, fanRunning: 1 << 8 } as const;

/**
 * What a small plant measures at `time` (Unix milliseconds): a cabinet, a meter, an inverter and a battery whose values
 * change slowly and fit together: what the sun gives and the house does not take goes into the battery or the grid.
 */
export function readingsAt(time: number): Readings {
  const solarPower = Math.max(0, 4_200 * (0.7 + 0.3 * wave(time, 40 * minute)));
  const housePower = 1_100 + 350 * wave(time, 7 * minute) + 90 * wave(time, 53_000);
  const batteryPower = Math.max(-2_500, Math.min(2_500, solarPower - housePower));
  const gridPower = housePower + batteryPower - solarPower;
  const { mains, doorClosed, fuseIntact, fanRunning } = cabinetBits;
  const fan = wave(time, 10 * minute) > 0 ? fanRunning : 0;
  return [
    { externalId: 'cabinet-1', type: 'CABINET', raw: (mains | doorClosed | fuseIntact | fan) >>> 0 },
    {
      externalId: 'meter-1',
      type: 'METER',
      values: {
        activePowerW: rounded(gridPower),
        voltageV: rounded(231 + 2 * wave(time, 11 * minute)),
        frequencyHz: rounded(50 + 0.02 * wave(time, 90_000)),
      },
    },
    {
      externalId: 'inverter-1',
      type: 'INVERTER',
      values: {
        activePowerW: rounded(solarPower),
        temperatureC: rounded(41 + 6 * wave(time, 40 * minute)),
        state: 'RUNNING',
      },
    },
    {
      externalId: 'battery-1',
      type: 'BATTERY',
      values: {
        socPercent: rounded(62 + 18 * wave(time, 3 * hour)),
        activePowerW: rounded(batteryPower),
        charging: batteryPower > 0,
      },
    },
  ];
}
