/** Filling a local platform with a past (scripts/bench-fill). Everywhere else these routes do not exist: the verbs refuse. */
import type { IRequest } from 'itty-router';
import type { ShardNumber } from '../../schema/ids';
import { addPast, beginPast, endPast, pastSize, sealPast, type PastWish } from '../tenancy/fill-log';
import type { RequestContext } from './context';
import { pathParameter } from './path-parameter';

const shardOf = (request: IRequest): ShardNumber => Number(pathParameter(request, 'shard')) as ShardNumber;

/** `POST /local/fill` a PastWish → the shards to fill. */
export async function beginFill(request: IRequest, { gateways }: RequestContext): Promise<Response> {
  return Response.json(await beginPast(gateways, await request.json<PastWish>()));
}

/** `POST /local/fill/:shard` rows as FinishedRow[]. */
export async function addFill(request: IRequest, { gateways }: RequestContext): Promise<Response> {
  await addPast(gateways, shardOf(request), await request.text());
  return new Response(null, { status: 204 });
}

/** `POST /local/fill/:shard/start?at=` ms UTC: no more rows come. */
export async function endFill(request: IRequest, { gateways, url }: RequestContext): Promise<Response> {
  await endPast(gateways, shardOf(request), Number(url.searchParams.get('at')));
  return new Response(null, { status: 204 });
}

/** `POST /local/fill/:shard/seal` → whether it is in the archive now. */
export async function sealFill(request: IRequest, { gateways }: RequestContext): Promise<Response> {
  return Response.json({ sealed: await sealPast(gateways, shardOf(request)) });
}

/** `GET /local/fill` → how much of the demo tenant's log is in the archive. */
export async function showFill(_request: IRequest, { gateways }: RequestContext): Promise<Response> {
  return Response.json(await pastSize(gateways));
}
