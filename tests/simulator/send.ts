/** How the tests send: a form with the demo account's credentials, unless they say otherwise. */
export interface Answer {
  readonly 'message-count': string;
  readonly messages: readonly Record<string, string>[];
}

export const ACCOUNT = { api_key: 'demo-account', api_secret: 'demo-secret' };
export const BASIC = `Basic ${btoa('demo-account:demo-secret')}`;
export const ORDINARY = '447700900123';

export async function send(url: string, fields: Record<string, string>): Promise<Answer> {
  const body = new URLSearchParams({ ...ACCOUNT, from: 'JMC', to: ORDINARY, text: 'Hello', ...fields });
  const response = await fetch(`${url}/sms/json`, { method: 'POST', body });
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  return response.json<Answer>();
}

/** Status and error-text of the only element. */
export async function refusalOf(url: string, fields: Record<string, string>): Promise<string> {
  const { messages } = await send(url, fields);
  return messages.map((message) => `${message.status} ${message['error-text']}`).join(', ');
}
