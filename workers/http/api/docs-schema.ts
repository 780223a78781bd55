/** JSON schema as people read it: a list of fields, and an example. */
import type { Json, JsonObject } from './openapi';

export interface DocumentedField {
  /** With the path to it: `to[].variables`. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

/** Objects inside objects are shown down to here. */
const DEPTH_MAX = 4;

const isObject = (json: Json | undefined): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json);
const asObject = (json: Json | undefined): JsonObject => (isObject(json) ? json : {});
const asList = (json: Json | undefined): readonly Json[] => (Array.isArray(json) ? (json as readonly Json[]) : []);

/** Follows a reference into the document's components. */
export function resolve(document: JsonObject, schema: JsonObject): JsonObject {
  const target = schema['$ref'];
  if (typeof target !== 'string') return schema;
  const name = target.slice(target.lastIndexOf('/') + 1);
  const { $ref: _, ...own } = schema;
  return { ...asObject(asObject(asObject(document['components'])['schemas'])[name]), ...own };
}

export function fieldsOf(document: JsonObject, schema: JsonObject, above = '', depth = 0): DocumentedField[] {
  const { properties, required } = resolve(document, schema);
  return Object.entries(asObject(properties)).flatMap(([name, property]) => {
    const shape = resolve(document, asObject(property));
    const field: DocumentedField = {
      name: above + name,
      type: typeOf(document, shape),
      isRequired: asList(required).includes(name),
      description: typeof shape['description'] === 'string' ? shape['description'] : '',
    };
    return depth >= DEPTH_MAX ? [field] : [field, ...inside(document, shape, field.name, depth + 1)];
  });
}

/** Fields of what a field holds: an object, the items of a list, the alternatives of either. */
function inside(document: JsonObject, shape: JsonObject, name: string, depth: number): DocumentedField[] {
  if (shape['properties'] !== undefined) return fieldsOf(document, shape, `${name}.`, depth);
  if (isObject(shape['items'])) return inside(document, resolve(document, shape['items']), `${name}[]`, depth);
  return asList(shape['anyOf']).flatMap((one) => inside(document, resolve(document, asObject(one)), name, depth));
}

function typeOf(document: JsonObject, shape: JsonObject): string {
  const alternatives = asList(shape['anyOf']);
  if (alternatives.length > 0) return alternatives.map((one) => typeOf(document, resolve(document, asObject(one)))).join(' | ');
  const choices = asList(shape['enum']);
  if (choices.length > 0) return choices.map((choice) => JSON.stringify(choice)).join(' | ');
  if (shape['const'] !== undefined) return JSON.stringify(shape['const']);
  if (isObject(shape['items'])) return `${typeOf(document, resolve(document, shape['items']))}[]`;
  const types = asList(shape['type']).filter((one) => typeof one === 'string');
  const type = types.length > 0 ? types.join(' | ') : typeof shape['type'] === 'string' ? shape['type'] : 'any';
  return typeof shape['format'] === 'string' ? `${type} (${shape['format']})` : type;
}

/** The example that a shape brings, or one made of those of its required fields: what a request needs. */
export const exampleOf = (document: JsonObject, schema: JsonObject): Json =>
  made(document, schema, (name, required) => required.includes(name), 0);

/** The same with every field: what an answer may hold. */
export const wholeExampleOf = (document: JsonObject, schema: JsonObject): Json => made(document, schema, () => true, 0);

function made(document: JsonObject, schema: JsonObject, takes: (name: string, required: readonly Json[]) => boolean, depth: number): Json {
  const shape = resolve(document, schema);
  const [given] = asList(shape['examples']);
  if (given !== undefined) return given;
  if (shape['const'] !== undefined) return shape['const'];
  const [choice] = asList(shape['enum']);
  if (choice !== undefined) return choice;
  if (depth > DEPTH_MAX * 2) return null;
  const [first] = asList(shape['anyOf']);
  if (first !== undefined) return made(document, asObject(first), takes, depth + 1);
  if (isObject(shape['items'])) return [made(document, shape['items'], takes, depth + 1)];
  if (shape['properties'] !== undefined) {
    const required = asList(shape['required']);
    return Object.fromEntries(
      Object.entries(asObject(shape['properties']))
        .filter(([name]) => takes(name, required))
        .map(([name, property]) => [name, made(document, asObject(property), takes, depth + 1)]),
    );
  }
  return plain(shape);
}

function plain({ type, default: usual, minimum }: JsonObject): Json {
  if (usual !== undefined) return usual;
  switch (Array.isArray(type) ? type[0] : type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return typeof minimum === 'number' ? minimum : 1;
    case 'string':
      return '…';
    case 'object':
      return {};
    default:
      return null;
  }
}
