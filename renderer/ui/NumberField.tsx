import { NumberInput, type NumberInputProps } from '@mantine/core';
import { type ClipboardEvent, useState } from 'react';
import { outOfRange } from './number-range.ts';
import { typedNumber } from './typed-number.ts';

/**
 * A whole number as it was entered. A NumberInput by itself makes another one of it without a word: 65535 of the port
 * 70000, and 13 of a pasted 1e3. This one says what is wrong.
 */
export function NumberField({
  value,
  onChange,
  min,
  max,
  error,
  ...props
}: Omit<NumberInputProps, 'clampBehavior' | 'allowDecimal' | 'onPaste' | 'value' | 'defaultValue'> & {
  value?: number | string;
}) {
  const [pasted, setPasted] = useState<string | null>(null);
  const complaint = pasted ?? outOfRange(value, min, max);
  const change = (next: number | string) => {
    setPasted(null);
    onChange?.(next);
  };
  const paste = (event: ClipboardEvent) => {
    const clipboard = event.clipboardData.getData('text').trim();
    // As this field writes it itself.
    const text = props.thousandSeparator === true ? clipboard.replaceAll(',', '') : clipboard;
    if (/^\d+$/.test(clipboard)) return;
    event.preventDefault();
    const number = typedNumber(text);
    if (number !== undefined && Number.isSafeInteger(number)) change(number);
    else setPasted('what was pasted is not a whole number');
  };
  return (
    <NumberInput
      clampBehavior="none"
      allowDecimal={false}
      {...props}
      value={value ?? ''}
      onChange={change}
      onPaste={paste}
      {...(min !== undefined && { min })}
      {...(max !== undefined && { max })}
      error={error ?? complaint}
    />
  );
}
