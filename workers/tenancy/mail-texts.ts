/** What the platform writes to its own users, in their language. Plain text: a code must be readable anywhere. */
import { CODE_LIFETIME_MS } from '../../schema/limits';
import type { Locale } from '../../schema/states';

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

export type CodePurpose = 'sign_in' | 'reset';

const CODE_MINUTES = CODE_LIFETIME_MS / 60_000;

export function codeMailText(locale: Locale, purpose: CodePurpose, code: string): MailText {
  const reset = purpose === 'reset';
  if (locale === 'zh-CN') {
    return {
      subject: reset ? '锦木通信平台：重置密码验证码' : '锦木通信平台：登录验证码',
      text: `您的${reset ? '重置密码' : '登录'}验证码是：${code}\n\n${CODE_MINUTES} 分钟内有效，仅可使用一次。如非本人操作，请忽略此邮件，切勿将验证码告诉他人。\n`,
    };
  }
  return {
    subject: reset ? 'JMC: your code to reset the password' : 'JMC: your sign-in code',
    text: `Your code to ${reset ? 'reset your password' : 'sign in'} is: ${code}\n\nIt is valid for ${CODE_MINUTES} minutes and works once. If you did not ask for it, ignore this mail, and never tell the code to anyone.\n`,
  };
}

/** Short enough for one part in either language. */
export function codeSmsText(locale: Locale, purpose: CodePurpose, code: string): string {
  const reset = purpose === 'reset';
  return locale === 'zh-CN'
    ? `【锦木】${reset ? '重置密码' : '登录'}验证码 ${code}，${CODE_MINUTES} 分钟内有效，请勿告诉他人。`
    : `JMC: ${code} is your code to ${reset ? 'reset your password' : 'sign in'}, valid for ${CODE_MINUTES} minutes. Never share it.`;
}

export function firstPasswordText(
  locale: Locale,
  account: { readonly name: string; readonly email: string; readonly password: string; readonly url: string },
): MailText {
  const { name, email, password, url } = account;
  return locale === 'zh-CN'
    ? {
        subject: '锦木通信平台：您的账号已开通',
        text: `${name}，您好：\n\n您的账号已开通。\n\n登录地址：${url}\n账号：${email}\n初始密码：${password}\n\n首次登录须修改密码。\n`,
      }
    : {
        subject: 'JMC: your account is open',
        text: `Dear ${name},\n\nyour account is open.\n\nSign in at: ${url}\nAccount: ${email}\nFirst password: ${password}\n\nYou will be asked to change the password when you first sign in.\n`,
      };
}

export function addressChangedText(
  locale: Locale,
  account: { readonly name: string; readonly email: string; readonly url: string },
): MailText {
  const { name, email, url } = account;
  return locale === 'zh-CN'
    ? {
        subject: '锦木通信平台：您的登录邮箱已变更',
        text: `${name}，您好：\n\n您的登录邮箱已变更为 ${email}，原邮箱不能再用于登录，已有的登录会话均已结束。\n\n登录地址：${url}\n\n如非您本人要求，请立即联系贵司负责人或我们的客服团队。\n`,
      }
    : {
        subject: 'JMC: your e-mail for signing in has changed',
        text: `Dear ${name},\n\nyou sign in with ${email} from now on. The address before it signs in no more, and your sessions have ended.\n\nSign in at: ${url}\n\nIf this was not asked for by you, please tell an owner of your company or our service team at once.\n`,
      };
}
