import { AlertsScreen } from '../features/alerts/AlertsScreen.tsx';
import { AuditScreen } from '../features/audit/AuditScreen.tsx';
import { AuthorityScreen } from '../features/authority/AuthorityScreen.tsx';
import { BrokersScreen } from '../features/brokers/BrokersScreen.tsx';
import { DeploymentsScreen } from '../features/deployments/DeploymentsScreen.tsx';
import { DoctorScreen } from '../features/doctor/DoctorScreen.tsx';
import { FleetScreen } from '../features/fleet/FleetScreen.tsx';
import { HandoverScreen } from '../features/handover/HandoverScreen.tsx';
import { LiveTopicsScreen } from '../features/monitor/LiveTopicsScreen.tsx';
import { PlantScreen } from '../features/plants/PlantScreen.tsx';
import { PlantsScreen } from '../features/plants/PlantsScreen.tsx';
import { PolicyScreen } from '../features/policy/PolicyScreen.tsx';
import { PracticeScreen } from '../features/practice/PracticeScreen.tsx';
import { StartScreen } from '../features/start/StartScreen.tsx';
import { Header } from './Header.tsx';
import { Navigation } from './Navigation.tsx';
import { type Route, useRoute } from './route.ts';
import classes from './Shell.module.css';

/** The frame of every screen once the vault is open. */
export function Shell() {
  const route = useRoute();
  return (
    <div className={classes.shell}>
      <button type="button" className={classes.skip} onClick={() => document.getElementById('content')?.focus()}>
        Skip to the content
      </button>
      <Navigation route={route} />
      <Header />
      <main id="content" className={classes.content} tabIndex={-1}>
        <Content route={route} />
      </main>
    </div>
  );
}

function Content({ route: { screen, first, second } }: { route: Route }) {
  switch (screen) {
    case 'start':
      return <StartScreen />;
    case 'plants':
      return first ? <PlantScreen key={first} id={first} tab={second} /> : <PlantsScreen />;
    case 'fleet':
      return <FleetScreen />;
    case 'authority':
      return <AuthorityScreen />;
    case 'brokers':
      return <BrokersScreen />;
    case 'policy':
      return <PolicyScreen tab={first} second={second} />;
    case 'deployments':
      return <DeploymentsScreen tab={first} id={second} />;
    case 'live':
      return <LiveTopicsScreen id={first} />;
    case 'alerts':
      return <AlertsScreen />;
    case 'doctor':
      return <DoctorScreen key={second} kind={first} id={second} />;
    case 'practice':
      return <PracticeScreen />;
    case 'handover':
      return <HandoverScreen />;
    case 'audit':
      return <AuditScreen />;
  }
}
