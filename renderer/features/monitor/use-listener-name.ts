import { useStore } from 'zustand';
import type { PlantId } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { readyValue } from '../../app/snapshot.ts';

/** As whom a broker is listened to: the plant's name; null as the console, or while nothing listens. */
export function useListenerName(brokerId: string | null): string | null {
  const { monitor, plants } = useConsole();
  const plantId: PlantId | null = useStore(
    monitor,
    ({ monitors }) => monitors.find((one) => one.brokerId === brokerId)?.asPlant ?? null,
  );
  return useStore(plants, ({ register }) =>
    plantId === null ? null : (readyValue(register)?.items.find((item) => item.plantId === plantId)?.name ?? plantId),
  );
}
