import { Modal, type ModalProps } from '@mantine/core';
import { createContext, useCallback, useContext, useEffect, useState } from 'react';

/** Tells the dialog below that another one is open on top of it, until what it answers is called. */
const CoverBelow = createContext<(() => () => void) | undefined>(undefined);

/**
 * A dialog, from which another one may open, such as a question about what was typed into a form.
 * - Esc closes the topmost only: every Modal listens to it by itself, and would close together with the one on top.
 * - A click beside it closes nothing: a slip of the hand must not lose what was typed.
 * - Without `onClose` it is left by its own buttons only: for what is shown once.
 */
export function Dialog({
  onClose,
  ...props
}: Omit<ModalProps, 'opened' | 'onClose' | 'closeOnEscape' | 'closeOnClickOutside' | 'withCloseButton'> & {
  onClose?: () => void;
}) {
  const coverBelow = useContext(CoverBelow);
  const [above, setAbove] = useState(0);
  const cover = useCallback(() => {
    setAbove((count) => count + 1);
    return () => setAbove((count) => count - 1);
  }, []);
  useEffect(() => coverBelow?.(), [coverBelow]);
  return (
    <CoverBelow value={cover}>
      <Modal
        opened
        onClose={onClose ?? (() => {})}
        closeOnEscape={onClose !== undefined && above === 0}
        closeOnClickOutside={false}
        withCloseButton={onClose !== undefined}
        {...props}
      />
    </CoverBelow>
  );
}
