import './zod-without-eval.ts';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { createRoot } from 'react-dom/client';
import { openTransport } from '../transport.ts';
import { App } from './App.tsx';
import { createConsole } from './console.ts';
import { ConsoleProvider } from './console-context.tsx';
import { announcePresence } from './presence.ts';
import { theme } from './theme.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const transport = openTransport();
announcePresence(transport.client);

createRoot(root).render(
  <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
    <Notifications position="bottom-right" autoClose={6000} limit={3} />
    <ConsoleProvider value={createConsole(transport)}>
      <App />
    </ConsoleProvider>
  </MantineProvider>,
);
