import {
  type Icon,
  IconAlertTriangle,
  IconBell,
  IconBuildingFactory2,
  IconCertificate,
  IconHeartRateMonitor,
  IconHistory,
  IconHome,
  IconListTree,
  IconServerCog,
  IconShieldLock,
  IconSignature,
  IconStethoscope,
  IconTestPipe,
  IconTruckDelivery,
} from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useConsole } from './console-context.tsx';
import iconUrl from './icon.svg';
import { href, type Route, type Screen } from './route.ts';
import classes from './Shell.module.css';
import { readyValue } from './snapshot.ts';
import { useAlertsInTitle } from './use-alerts-in-title.ts';

const entries: readonly { screen: Screen; word: string; icon: Icon }[] = [
  { screen: 'start', word: 'Start', icon: IconHome },
  { screen: 'plants', word: 'Plants', icon: IconBuildingFactory2 },
  { screen: 'fleet', word: 'Fleet', icon: IconHeartRateMonitor },
  { screen: 'authority', word: 'Authority', icon: IconCertificate },
  { screen: 'brokers', word: 'Broker', icon: IconServerCog },
  { screen: 'policy', word: 'Policy', icon: IconShieldLock },
  { screen: 'deployments', word: 'Deployments', icon: IconTruckDelivery },
  { screen: 'live', word: 'Live topics', icon: IconListTree },
  { screen: 'alerts', word: 'Alerts', icon: IconBell },
  { screen: 'doctor', word: 'Doctor', icon: IconStethoscope },
  { screen: 'practice', word: 'Practice plant', icon: IconTestPipe },
  { screen: 'handover', word: 'Handover', icon: IconSignature },
  { screen: 'audit', word: 'Audit trail', icon: IconHistory },
];

export function Navigation({ route }: { route: Route }) {
  const { brokers, alerts } = useConsole();
  const newAlerts = useStore(alerts, ({ overview }) => readyValue(overview)?.unacknowledged ?? 0);
  useAlertsInTitle(newAlerts);
  const isPushPending = useStore(brokers, ({ list }) =>
    (readyValue(list) ?? []).some((broker) => broker.lastPushedAt !== null && broker.pushPending),
  );
  return (
    <nav className={classes.nav} aria-label="Main">
      <div className={classes.brand}>
        <img src={iconUrl} width={30} height={30} alt="" />
        Voke Console
      </div>
      {entries.map(({ screen, word, icon: Sign }) => (
        <a
          key={screen}
          className={classes.link}
          href={href(screen)}
          aria-current={route.screen === screen ? 'page' : undefined}
        >
          <Sign size={22} stroke={1.8} aria-hidden />
          {word}
          {screen === 'brokers' && isPushPending && (
            <span className={classes.mark} title="The register changed since the last push">
              <IconAlertTriangle size={20} aria-hidden />
              <span className="visually-hidden">: a push is pending</span>
            </span>
          )}
          {screen === 'alerts' && newAlerts > 0 && (
            <span className={classes.count} title="Alerts that nobody has acknowledged">
              {newAlerts}
              <span className="visually-hidden"> not acknowledged</span>
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
