import { createContext, useContext } from 'react';
import type { Console } from './console.ts';

const ConsoleContext = createContext<Console | null>(null);

export const ConsoleProvider = ConsoleContext.Provider;

/** The console that this window shows. */
export function useConsole(): Console {
  const console = useContext(ConsoleContext);
  if (!console) throw new Error('useConsole is called outside of ConsoleProvider');
  return console;
}
