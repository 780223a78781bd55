/** What the service team asks of the platform: the verbs behind `/operators` and `/api/operators/…`. Apart from the console's on purpose. */
import type { Challenge, Login, SignedIn, Visitor } from './console';
import type { ChallengeId, OperatorId, SessionId } from './ids';

/** Who acts, from where. Made from an operator's cookie and from nothing else. */
export interface Operator {
  readonly operator: OperatorId;
  readonly session: SessionId;
  readonly name: string;
  readonly email: string;
  readonly timeZone: string;
  readonly address: string;
  readonly mustChangePassword: boolean;
}

export interface OperatorServices {
  signIn(visitor: Visitor, login: Login, password: string): Promise<Challenge>;
  signInCode(visitor: Visitor, challenge: ChallengeId, code: string): Promise<SignedIn>;
  resendCode(visitor: Visitor, challenge: ChallengeId): Promise<Challenge>;
  /** `Set-Cookie` value that forgets the session. */
  signOut(operator: Operator): Promise<string>;
  changePassword(operator: Operator, oldPassword: string | null, password: string): Promise<void>;
}
