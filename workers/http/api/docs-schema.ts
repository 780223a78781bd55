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
  const type = typeof shape['type'] === 'string' ? shape['type'] : 'any';
  return typeof shape['format'] === 'string' ? `${type} (${shape['format']})` : type;
}

/** The example that a shape brings, or one made of those of its required fields. */
export function exampleOf(document: JsonObject, schema: JsonObject): Json {
  const shape = resolve(document, schema);
  const [given] = asList(shape['examples']);
  if (given !== undefined) return given;
  if (shape['properties'] === undefined) return null;
  const required = asList(shape['required']);
  return Object.fromEntries(
    Object.entries(asObject(shape['properties']))
      .filter(([name]) => required.includes(name))
      .map(([name, property]) => [name, exampleOf(document, asObject(property))]),
  );
}
