/** What may be done with a task in its present state; what cannot be taken back asks first. */
import { _ } from 'compiled-i18n';
import type { TaskId } from '../../schema/ids';
import type { TaskAction } from '../../schema/states';
import { taskActionLabel } from '../lib/labels';
import { AskFirst } from './ask-first';
import { Icon } from './icon';

interface TaskActionsProps {
  readonly id: TaskId;
  readonly actions: readonly TaskAction[];
  readonly action: string;
  /** In a row of a table: icons only. */
  readonly small?: boolean;
}

export const TaskActions = ({ id, actions, action, small = false }: TaskActionsProps) => (
  <>
    {actions.includes('edit') && (
      <a class={['btn', small ? 'small' : '']} href={`/tasks/${id}/edit`}>
        <Icon name="pen" />
        {taskActionLabel('edit')}
      </a>
    )}
    {(['pause', 'resume'] as const).map(
      (name) =>
        actions.includes(name) && (
          <form key={name} method="post" action={action}>
            <input type="hidden" name="task" value={id} />
            <button
              class={['btn', small ? 'small icon-only' : '']}
              name="act"
              value={name}
              title={small ? taskActionLabel(name) : undefined}
              aria-label={small ? `${taskActionLabel(name)} ${id}` : undefined}
            >
              <Icon name={name === 'pause' ? 'pause' : 'play'} />
              {!small && taskActionLabel(name)}
            </button>
          </form>
        ),
    )}
    {actions.includes('stop') && (
      <AskFirst
        id={`stop-${id}`}
        label={taskActionLabel('stop')}
        icon="stop"
        question={_`Stop this task for good?`}
        action={`${action}&task=${id}`}
        field={{ name: 'act', value: 'stop' }}
        small={small}
      >
        {_`Messages that were not submitted yet are cancelled and cost nothing. What was submitted can't be called back.`}
      </AskFirst>
    )}
    {actions.includes('cancel') && (
      <AskFirst
        id={`cancel-${id}`}
        label={taskActionLabel('cancel')}
        icon="close"
        question={_`Cancel this task?`}
        action={`${action}&task=${id}`}
        field={{ name: 'act', value: 'cancel' }}
        small={small}
      >
        {_`Nothing was sent, and nothing will be.`}
      </AskFirst>
    )}
  </>
);
