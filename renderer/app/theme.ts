import {
  Button,
  Checkbox,
  createTheme,
  Drawer,
  Loader,
  Modal,
  NumberInput,
  PasswordInput,
  Radio,
  Select,
  Switch,
  Tabs,
  Textarea,
  TextInput,
} from '@mantine/core';

/** What Mantine's components are by default; colours and sizes are in theme.css. */
export const theme = createTheme({
  primaryColor: 'blue',
  defaultRadius: 6,
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: Button.extend({ defaultProps: { size: 'md', variant: 'default' } }),
    // Locking the scroll would add a style element, and nothing scrolls behind a dialog here anyway.
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, centered: true, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Drawer: Drawer.extend({
      defaultProps: {
        lockScroll: false,
        position: 'right',
        // As of a Dialog: a slip of the hand must not lose what was typed.
        closeOnClickOutside: false,
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    TextInput: TextInput.extend({ defaultProps: { size: 'md' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'md' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'md' } }),
    // Its steps are too small for a glove; the arrow keys do the same.
    NumberInput: NumberInput.extend({ defaultProps: { size: 'md', hideControls: true } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'md' } }),
    Radio: Radio.extend({ defaultProps: { size: 'md' } }),
    Switch: Switch.extend({ defaultProps: { size: 'md' } }),
    Select: Select.extend({ defaultProps: { size: 'md', allowDeselect: false } }),
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
    Loader: Loader.extend({ defaultProps: { type: 'oval' } }),
  },
});
