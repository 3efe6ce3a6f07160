import type { MessageProperties } from '../../../../shared/model/message-properties.ts';
import { Fold } from '../../../ui/Fold.tsx';
import { span } from '../../../ui/time.ts';
import { keyed } from './keyed.ts';
import classes from './Message.module.css';
import { asText, decodeBase64 } from './payload-text.ts';
import { Facts } from './VokeMessageView.tsx';

/** Of the sender's own properties; 64 KiB of them are thousands. */
const mostShown = 200;

/** What the sender said of the message in MQTT 5. */
export function PropertiesView({ properties }: { properties: MessageProperties }) {
  const { contentType, payloadFormatIndicator, responseTopic, correlationDataBase64, messageExpiryInterval } =
    properties;
  const users = properties.userProperties ?? [];
  const facts = {
    ...(contentType !== undefined && { 'Content type': contentType }),
    ...(payloadFormatIndicator !== undefined && { Payload: payloadFormatIndicator ? 'said to be UTF-8' : 'bytes' }),
    ...(responseTopic !== undefined && { 'Response topic': responseTopic }),
    ...(correlationDataBase64 !== undefined && { 'Correlation data': asText(decodeBase64(correlationDataBase64)) }),
    ...(messageExpiryInterval !== undefined && { 'Expires after': span(messageExpiryInterval * 1000) }),
  };
  const count = Object.keys(facts).length + users.length;
  return (
    <Fold title="MQTT 5 properties" summary={`${count}`}>
      <Facts facts={facts} />
      {keyed(users.slice(0, mostShown), ([name]) => name).map(({ key, entry: [name, value] }) => (
        <Facts key={key} facts={{ [name || '(no name)']: value }} />
      ))}
      {users.length > mostShown && (
        <p className={classes.hidden}>{users.length - mostShown} more properties are not shown.</p>
      )}
    </Fold>
  );
}
