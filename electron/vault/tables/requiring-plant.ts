import { ConsoleError } from '../../../shared/model/errors.ts';
import { isForeignKeyViolation } from '../failures.ts';

/** Runs a write into a table that belongs to plants; throws `plant/not-found` when the plant is not there. */
export function requiringPlant(write: () => void): void {
  try {
    write();
  } catch (error) {
    throw isForeignKeyViolation(error) ? new ConsoleError('plant/not-found', { cause: error }) : error;
  }
}
