/** What `npm start` and `npm run demo` print for people and, on one line of JSON, for programs. */
import type { DemoKey, DemoLine, DemoLogin } from './local-platform';

const login = ({ email, phone, password }: DemoLogin): string => `    ${email}  /  ${phone}  /  ${password}`;
const key = ({ name, baseKey, secret, kind, test }: DemoKey): string =>
  `    ${baseKey}:${secret}  ${kind}${test ? ' (test)' : ''}  ${name}`;

export function announce(line: DemoLine): void {
  const { demo, other, operator } = line;
  console.log(`
  JMC 锦木通信平台
  console    ${demo.url}
  simulator  ${demo.simulator}   (the carrier: /control, /stats)
  mailbox    ${demo.mailbox}   (mails and sign-in codes that were sent)

  logins (e-mail / phone / password)
${demo.logins.map(login).join('\n')}
  keys (baseKey:secret)
${demo.keys.map(key).join('\n')}
  a second tenant, to try the isolation
${other.logins.map(login).join('\n')}
${other.keys.map(key).join('\n')}
  operators  ${operator.url}   (e-mail / password; the code is in the mailbox)
    ${operator.email}  /  ${operator.password}
`);
  console.log(JSON.stringify(line));
}
