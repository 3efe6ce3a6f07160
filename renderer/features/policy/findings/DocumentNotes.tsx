import { Fold } from '../../../ui/Fold.tsx';

/** Where the CELINE document says what does not hold, for those who work by it. */
export function DocumentNotes() {
  return (
    <Fold title="Where the CELINE document is mistaken" summary="the login without a user name, and more">
      <ul>
        <li>
          An empty user name with the token as password cannot log in: go-auth refuses it before it asks anybody. Take
          the token&rsquo;s subject as user name with the token as password, or in JWT mode the token as user name.
        </li>
        <li>
          <span className="mono">auth_opt_http_content_type</span> is no option and is ignored; what counts is{' '}
          <span className="mono">auth_opt_http_params_mode</span>.
        </li>
        <li>Its listener on port 1883 carries tokens in the clear.</li>
        <li>
          With decisions cached for 300 s, a changed rule takes up to five minutes to arrive at a broker that asked
          before.
        </li>
        <li>
          Its deny of <span className="mono">celine/system/alerts/critical</span> names subscribe only: who subscribes
          to a filter around it would read it, were it not that a deny here refuses every subscription that touches it.
        </li>
      </ul>
    </Fold>
  );
}
