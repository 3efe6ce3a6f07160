import { Modal, type ModalProps } from '@mantine/core';
import { createContext, useCallback, useContext, useEffect, useState } from 'react';

/** Tells the dialog below that another one is open on top of it, until what it answers is called. */
const CoverBelow = createContext<(() => () => void) | undefined>(undefined);

/**
 * A dialog from which another one may open, such as a question about what was typed into a form: Esc closes the topmost
 * only. Every dialog of a Modal listens to Esc by itself, and would close together with the one on top of it.
 */
export function Dialog(props: Omit<ModalProps, 'opened' | 'closeOnEscape'>) {
  const coverBelow = useContext(CoverBelow);
  const [above, setAbove] = useState(0);
  const cover = useCallback(() => {
    setAbove((count) => count + 1);
    return () => setAbove((count) => count - 1);
  }, []);
  useEffect(() => coverBelow?.(), [coverBelow]);
  return (
    <CoverBelow value={cover}>
      <Modal opened closeOnEscape={above === 0} {...props} />
    </CoverBelow>
  );
}
