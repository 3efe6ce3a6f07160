import { Button, Menu, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';

const schemes = [
  { value: 'light', word: 'Light', icon: IconSun },
  { value: 'dark', word: 'Dark', icon: IconMoon },
  { value: 'auto', word: 'As the system', icon: IconDeviceDesktop },
] as const;

/** Light, dark, or as the system has it; remembered by the browser. */
export function ThemeSwitch() {
  // Without `keepTransitions` Mantine adds a style element, which the Content-Security-Policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const current = schemes.find(({ value }) => value === colorScheme) ?? schemes[2];
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button leftSection={<current.icon size={20} aria-hidden />} aria-label={`Appearance: ${current.word}`}>
          {current.value === 'auto' ? 'System' : current.word}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={current.value}
          onChange={(value) => setColorScheme(schemes.find((scheme) => scheme.value === value)?.value ?? 'auto')}
        >
          {schemes.map(({ value, word, icon: Sign }) => (
            <Menu.RadioItem key={value} value={value} rightSection={<Sign size={20} aria-hidden />} closeMenuOnClick>
              {word}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
