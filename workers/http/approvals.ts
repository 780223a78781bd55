/** Papers of applications, to be saved: never shown in the page's own origin, whatever is in them. */
import type { IRequest } from 'itty-router';
import type { ApprovalFile } from '../../schema/approvals';
import type { ApprovalId } from '../../schema/ids';
import type { RequestContext } from './context';
import { operatorOf, signedIn } from './guards';
import { attachment } from '../rules/content-disposition';

const approvalId = (request: IRequest): ApprovalId => String(request.params['id']) as ApprovalId;

const answer = ({ fileName, contentType, body }: ApprovalFile): Response =>
  new Response(body, {
    headers: {
      'cache-control': 'no-store',
      'content-type': contentType,
      'content-disposition': attachment(fileName),
    },
  });

export async function getApprovalFile(request: IRequest, context: RequestContext): Promise<Response> {
  return answer(await context.services.approvalFile(signedIn(context), approvalId(request), Number(request.params['n'])));
}

export async function getOperatorApprovalFile(request: IRequest, context: RequestContext): Promise<Response> {
  return answer(await context.operatorServices.approvalFile(operatorOf(context), approvalId(request), Number(request.params['n'])));
}
