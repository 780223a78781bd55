/** One application as tenant and operator both see it: what was asked for, its papers, its history. */
import { _ } from 'compiled-i18n';
import type { ApprovalView } from '../../schema/approvals';
import type { Locale } from '../../schema/states';
import { approvalActionLabel, approvalKindLabel, approvalStateLabel, trafficKindLabel } from '../lib/labels';
import { bytes } from '../lib/numbers';
import { moment } from '../lib/times';
import { Badge } from './badge';
import { Table } from './table';

interface ApprovalFactsProps {
  readonly view: ApprovalView;
  readonly locale: Locale;
  readonly timeZone: string;
  /** Address of the papers, without their number. */
  readonly files: string;
}

export const ApprovalFacts = ({ view, locale, timeZone, files }: ApprovalFactsProps) => (
  <>
    <section class="card" aria-labelledby="approval-title">
      <div class="title">
        <h2 id="approval-title">{_`Application`}</h2>
        <Badge label={approvalStateLabel(view.state)} />
      </div>
      <div class="in">
        <dl class="rows">
          <div>
            <dt>{_`Kind`}</dt>
            <dd>{`${approvalKindLabel(view.kind)} · ${trafficKindLabel(view.traffic)}`}</dd>
          </div>
          <div>
            <dt>{_`Name of it`}</dt>
            <dd>{view.kind === 'signature' ? `【${view.name}】` : view.name}</dd>
          </div>
          {view.kind === 'template' && (
            <div>
              <dt>{_`Text of the message`}</dt>
              <dd class="asis">{view.body}</dd>
            </div>
          )}
          {view.note !== '' && (
            <div>
              <dt>{_`Note`}</dt>
              <dd class="asis">{view.note}</dd>
            </div>
          )}
          <div>
            <dt>{_`Papers`}</dt>
            <dd>
              {view.files.length === 0
                ? '—'
                : view.files.map(({ n, fileName, size }) => (
                    <span key={n} class="line">
                      <a href={`${files}/${n}`} download>
                        {fileName}
                      </a>{' '}
                      <span class="muted">{bytes(size, locale)}</span>
                    </span>
                  ))}
            </dd>
          </div>
        </dl>
      </div>
    </section>
    <section class="card" aria-label={_`History`}>
      <Table
        caption={_`History`}
        rows={view.history}
        rowKey={({ at, action }) => `${at} ${action}`}
        columns={[
          { head: _`Time`, num: true, cell: ({ at }) => moment(at, 'second', timeZone) },
          { head: _`What happened`, cell: ({ action }) => approvalActionLabel(action) },
          {
            head: _`Who`,
            cell: ({ action, who }) => who ?? (action === 'approved' || action === 'refused' ? _`Service team` : '—'),
          },
          { head: _`Reason`, wide: true, cell: ({ reason }) => (reason === '' ? '—' : reason) },
        ]}
      />
    </section>
  </>
);
