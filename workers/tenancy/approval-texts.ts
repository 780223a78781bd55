/** What a tenant is told of a decision, by mail and notice. */
import type { ApprovalKind } from '../../schema/states';
import type { MailText } from './mail-texts';

const KINDS: Readonly<Record<ApprovalKind, { readonly zh: string; readonly en: string }>> = {
  sender: { zh: 'From', en: 'sender' },
  signature: { zh: '短信签名', en: 'signature' },
  template: { zh: '短信模板', en: 'template' },
};

export function decidedTexts(
  { kind, name }: { readonly kind: ApprovalKind; readonly name: string },
  decision: 'approved' | 'refused',
  reason: string,
): { readonly zh: MailText; readonly en: MailText } {
  const { zh, en } = KINDS[kind];
  const approved = decision === 'approved';
  return {
    zh: {
      subject: `${zh}“${name}”${approved ? '审核通过' : '审核未通过'}`,
      text: approved ? `您申请的${zh}“${name}”已审核通过，现在即可使用。` : `您申请的${zh}“${name}”未通过审核，原因：${reason}`,
    },
    en: {
      subject: `The ${en} “${name}” was ${approved ? 'approved' : 'refused'}`,
      text: approved
        ? `The ${en} “${name}” that you applied for is approved and can be used now.`
        : `The ${en} “${name}” that you applied for was refused. Reason: ${reason}`,
    },
  };
}
