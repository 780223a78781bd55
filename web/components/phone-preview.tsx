import { _ } from 'compiled-i18n';
import type { Segment } from '../lib/message-text';

/** The message as its recipient sees it; values of variables are marked. */
export const PhonePreview = ({ sender, segments }: { sender: string; segments: readonly Segment[] }) => (
  <div class="phone" role="img" aria-label={_`Preview on a phone`}>
    <div class="screen">
      <div class="from">
        <b>{sender === '' ? 'From' : sender}</b>
        <small>{_`Text message · now`}</small>
      </div>
      {segments.length === 0 ? (
        <p class="bubble ghost">{_`Your text appears here.`}</p>
      ) : (
        <p class="bubble">
          {segments.map(({ text, variable }, at) =>
            variable ? (
              <span key={at} class="var">
                {text}
              </span>
            ) : (
              text
            ),
          )}
        </p>
      )}
    </div>
  </div>
);
