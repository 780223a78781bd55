/**
 * What will become of a sender in a country, from the rules gathered in schema/data/sender-rules.json (facts of 2024: `updated` and `sourceUrl`
 * belong beside every warning that people see). Worst first. Nothing here stops a message; it is shown before sending.
 */
import senderRules from '../../schema/data/sender-rules.json';
import type { Iso2 } from '../../schema/ids';
import { parseSender, type SenderKind } from './sender';
import { CONSTRAINTS, type ConstraintKind, type SenderWarningCode } from './sender-rule-texts';

export { senderWarningText, type SenderWarningCode } from './sender-rule-texts';

type SenderWarningLevel = 'bad' | 'warn' | 'unknown' | 'ok';

/** Words (see the texts) or values that the text of a warning mentions. */
type SenderWarningDetails = Readonly<Record<string, string | number | readonly string[]>>;

interface SenderNetwork {
  /** Mobile country and network code; null for "all the others" and where the source gives none. */
  readonly mccmnc: string | null;
  readonly name: string | null;
  /** What this network does with the sender, where networks differ; null when they are merely those a constraint is about. */
  readonly outcome: SenderWarningCode | null;
}

export interface SenderWarning {
  readonly level: SenderWarningLevel;
  readonly code: SenderWarningCode;
  readonly details: SenderWarningDetails;
  /** Empty: all networks of the country. */
  readonly networks: readonly SenderNetwork[];
  /** The sources contradict themselves here. */
  readonly doubtful: boolean;
  /** Day of the source, YYYY-MM-DD. */
  readonly updated: string | null;
  readonly sourceUrl: string | null;
}

type Outcome = 'yes' | 'register' | 'overwritten' | 'partial' | 'two-way' | 'no' | 'unknown';
type Constraint = { readonly kind: ConstraintKind; readonly sender?: string; readonly network?: string } & Readonly<
  Record<string, unknown>
>;
interface Rule {
  readonly iso2: string;
  readonly alpha: Outcome;
  readonly numeric: Outcome;
  readonly case_sensitive: boolean;
  readonly brand_required: boolean;
  readonly registration_required: boolean;
  readonly documents: readonly string[];
  readonly networks: readonly {
    readonly mccmnc: string | null;
    readonly name: string | null;
    readonly alpha: Outcome;
    readonly numeric: Outcome;
  }[];
  readonly constraints: readonly Constraint[];
  readonly source_url: string;
  readonly updated: string | null;
}

const RULES: ReadonlyMap<string, Rule> = new Map((senderRules as unknown as readonly Rule[]).map((rule) => [rule.iso2, rule]));

/** Entries whose sources contradict themselves: by country, the kind of sender and, where only one network is meant, its code. */
const DOUBTFUL: Readonly<Record<string, { readonly kinds: readonly SenderKind[]; readonly network?: string }>> = {
  US: { kinds: ['alpha'] },
  BR: { kinds: ['numeric'] },
  GB: { kinds: ['alpha'] },
  BY: { kinds: ['alpha'] },
  KR: { kinds: ['numeric'] },
  VE: { kinds: ['alpha', 'numeric'] },
  CG: { kinds: ['alpha', 'numeric'] },
  RW: { kinds: ['alpha', 'numeric'] },
  ZA: { kinds: ['alpha', 'numeric'] },
  PK: { kinds: ['alpha', 'numeric'], network: '41004' },
};

const OUTCOMES: Readonly<Record<Outcome, { readonly code: SenderWarningCode; readonly level: SenderWarningLevel }>> = {
  yes: { code: 'passed', level: 'ok' },
  register: { code: 'register', level: 'warn' },
  overwritten: { code: 'overwritten', level: 'warn' },
  partial: { code: 'partial', level: 'warn' },
  'two-way': { code: 'two_way', level: 'warn' },
  no: { code: 'refused', level: 'bad' },
  unknown: { code: 'unknown', level: 'unknown' },
};

const LEVELS: readonly SenderWarningLevel[] = ['bad', 'warn', 'unknown', 'ok'];
const worst = (levels: readonly SenderWarningLevel[]): SenderWarningLevel => LEVELS.find((level) => levels.includes(level)) ?? 'unknown';

/** Everything of a warning but what the rule's entry adds to all of them alike. */
type Finding = Pick<SenderWarning, 'level' | 'code' | 'details' | 'networks'>;

function mainFinding(rule: Rule, kind: SenderKind): Finding {
  const { code, level } = OUTCOMES[rule[kind]];
  if (rule[kind] !== 'partial') return { level, code, details: {}, networks: [] };
  const networks = rule.networks.map(({ mccmnc, name, ...outcomes }) => ({
    mccmnc: mccmnc === '*' ? null : mccmnc,
    name,
    outcome: OUTCOMES[outcomes[kind]].code,
  }));
  return { level: worst(rule.networks.map((network) => OUTCOMES[network[kind]].level)), code, details: {}, networks };
}

/** Whether a constraint says anything about this sender; one that the sender meets does not. */
function concerns(constraint: Constraint, sender: string, kind: SenderKind): boolean {
  const about = CONSTRAINTS[constraint.kind].about ?? constraint.sender;
  if ((about === 'alpha' || about === 'numeric') && about !== kind) return false;
  switch (constraint.kind) {
    case 'sender_charset':
      return constraint['value'] !== 'letters_only' || /\d/.test(sender);
    case 'alpha_length':
      return sender.length < Number(constraint['min']) || sender.length > Number(constraint['max']);
    case 'short_code_max_digits':
      return sender.length > Number(constraint['max']);
    case 'numeric_allowed_prefix':
      return !(constraint['prefixes'] as readonly string[]).some((prefix) => sender.startsWith(prefix));
    case 'sender_types_allowed':
      return !(constraint['values'] as readonly string[]).includes(kind);
    case 'reject':
      return constraint.sender !== 'long_code' || kind === 'numeric';
    default:
      return true;
  }
}

function levelOf(constraint: Constraint): SenderWarningLevel {
  if (constraint.kind !== 'reject') return CONSTRAINTS[constraint.kind].level;
  // A registered sender may pass, so only a refusal without condition is certain to hit this one.
  return constraint['when'] === 'always' ? 'bad' : 'warn';
}

const NOT_DETAILS = new Set(['kind', 'network']);
function detailsOf(constraint: Constraint): SenderWarningDetails {
  const details: Record<string, string | number | readonly string[]> = {};
  for (const [name, value] of Object.entries(constraint)) {
    if (NOT_DETAILS.has(name)) continue;
    if (typeof value === 'string' || typeof value === 'number') details[name] = value;
    else if (Array.isArray(value))
      details[name] = value.map((item: unknown) => (typeof item === 'string' ? item : String((item as { text: unknown }).text)));
  }
  return details;
}

/** `*` and `all` mean every network, as an absent one does; else an mccmnc or a name. */
function networkOf(constraint: Constraint, rule: Rule): readonly SenderNetwork[] {
  const { network } = constraint;
  if (network === undefined || network === '*' || network === 'all') return [];
  const known = rule.networks.find(({ mccmnc, name }) => mccmnc === network || name === network);
  const byCode = /^\d+$/.test(network);
  return [{ mccmnc: known?.mccmnc ?? (byCode ? network : null), name: known?.name ?? (byCode ? null : network), outcome: null }];
}

/** Constraints that say the same of several networks become one finding that names them all. */
function constraintFindings(rule: Rule, sender: string, kind: SenderKind): Finding[] {
  const found = new Map<string, Finding>();
  for (const constraint of rule.constraints) {
    if (!concerns(constraint, sender, kind)) continue;
    const details = detailsOf(constraint);
    const networks = networkOf(constraint, rule);
    const same = `${constraint.kind} ${JSON.stringify(details)} ${networks.length === 0}`;
    const before = found.get(same)?.networks ?? [];
    found.set(same, { level: levelOf(constraint), code: constraint.kind, details, networks: [...before, ...networks] });
  }
  return [...found.values()];
}

function registrationFindings(rule: Rule, kind: SenderKind): Finding[] {
  const findings: Finding[] = [];
  const add = (code: SenderWarningCode, details: SenderWarningDetails = {}): number =>
    findings.push({ level: 'warn', code, details, networks: [] });
  const registers =
    rule[kind] === 'register' || rule.networks.some((network) => network[kind] === 'register') || rule.registration_required;
  if (registers && rule.documents.length > 0) add('documents', { values: rule.documents });
  if (kind === 'alpha' && rule.brand_required) add('brand_required');
  if (kind === 'alpha' && rule.case_sensitive) add('case_sensitive');
  return findings;
}

/** The plain "replaced" says less than a constraint that says by what. */
const isSaidBetter = (main: Finding, constraints: readonly Finding[]): boolean =>
  main.code === 'overwritten' &&
  constraints.some(({ code, details, networks }) => code === 'overwrite' && details['when'] === 'always' && networks.length === 0);

function isDoubtful(rule: Rule, kind: SenderKind, finding: Finding): boolean {
  const doubt = DOUBTFUL[rule.iso2];
  if (doubt === undefined || !doubt.kinds.includes(kind)) return false;
  return doubt.network === undefined || finding.networks.some((network) => network.mccmnc === doubt.network);
}

const UNKNOWN: SenderWarning = {
  level: 'unknown',
  code: 'unknown',
  details: {},
  networks: [],
  doubtful: false,
  updated: null,
  sourceUrl: null,
};

/** @returns at least one entry, worst first: `passed` alone when there is nothing to say. */
export function senderWarnings(sender: string, iso2: Iso2): SenderWarning[] {
  const rule = RULES.get(iso2);
  if (rule === undefined) return [UNKNOWN];
  const parsed = parseSender(sender);
  const kind: SenderKind = parsed.ok ? parsed.kind : 'alpha';
  const main = mainFinding(rule, kind);
  const constraints = constraintFindings(rule, parsed.ok ? parsed.sender : sender, kind);
  const findings = [...(isSaidBetter(main, constraints) ? [] : [main]), ...constraints, ...registrationFindings(rule, kind)];
  return findings
    .map((finding) => ({ ...finding, doubtful: isDoubtful(rule, kind, finding), updated: rule.updated, sourceUrl: rule.source_url }))
    .toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}
