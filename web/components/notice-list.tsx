import { _ } from 'compiled-i18n';
import type { NoticeView } from '../../schema/console';
import { moment } from '../lib/times';
import { EmptyState } from './empty-state';

/** What operators tell, newest first; the first one is open. */
export const NoticeList = ({ notices, timeZone }: { notices: readonly NoticeView[]; timeZone: string }) =>
  notices.length === 0 ? (
    <EmptyState icon="bell" title={_`No notices`} />
  ) : (
    <ul class="notices">
      {notices.map(({ id, title, body, postedAt }, at) => (
        <li key={id}>
          <details open={at === 0}>
            <summary>
              <b>{title}</b>
              <small class="muted">
                <time dateTime={new Date(postedAt).toISOString()}>{moment(postedAt, 'minute', timeZone)}</time>
              </small>
            </summary>
            <p>{body}</p>
          </details>
        </li>
      ))}
    </ul>
  );
