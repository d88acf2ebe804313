import {
  type Attributes,
  type AttributeValue,
  type EntityRef,
  NO_ATTRIBUTES,
  type Resource,
  type Scope,
} from '../model/index.ts';
import { checkDepth, TAG } from './fields.ts';
import type { WireReader } from './wire.ts';

/** What one message per request or per scope holds, and values within values: few, so they are objects. */

export const NO_RESOURCE: Resource = {
  attributes: NO_ATTRIBUTES,
  droppedAttributesCount: 0,
  entityRefs: [],
  schemaUrl: '',
};

export const NO_SCOPE: Scope = {
  name: '',
  version: '',
  attributes: NO_ATTRIBUTES,
  droppedAttributesCount: 0,
  schemaUrl: '',
};

/** Without the schema URL, which stands beside the message. */
export const readResource = (reader: WireReader): Resource => {
  const outer = reader.enter();
  const attributes = new Map<string, AttributeValue>();
  const entityRefs: EntityRef[] = [];
  let droppedAttributesCount = 0;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.Resource.attributes) readKeyValue(reader, attributes, 0);
    else if (tag === TAG.Resource.droppedAttributesCount) droppedAttributesCount = reader.uint32();
    else if (tag === TAG.Resource.entityRefs) entityRefs.push(readEntityRef(reader));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { attributes, droppedAttributesCount, entityRefs, schemaUrl: '' };
};

const readEntityRef = (reader: WireReader): EntityRef => {
  const outer = reader.enter();
  const idKeys: string[] = [];
  const descriptionKeys: string[] = [];
  let schemaUrl = '';
  let type = '';
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.EntityRef.schemaUrl) schemaUrl = reader.string();
    else if (tag === TAG.EntityRef.type) type = reader.string();
    else if (tag === TAG.EntityRef.idKeys) idKeys.push(reader.string());
    else if (tag === TAG.EntityRef.descriptionKeys) descriptionKeys.push(reader.string());
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { schemaUrl, type, idKeys, descriptionKeys };
};

/** Without the schema URL, which stands beside the message. */
export const readScope = (reader: WireReader): Scope => {
  const outer = reader.enter();
  const attributes = new Map<string, AttributeValue>();
  let name = '';
  let version = '';
  let droppedAttributesCount = 0;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.InstrumentationScope.name) name = reader.string();
    else if (tag === TAG.InstrumentationScope.version) version = reader.string();
    else if (tag === TAG.InstrumentationScope.attributes) readKeyValue(reader, attributes, 0);
    else if (tag === TAG.InstrumentationScope.droppedAttributesCount)
      droppedAttributesCount = reader.uint32();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { name, version, attributes, droppedAttributesCount, schemaUrl: '' };
};

const readKeyValue = (reader: WireReader, into: Map<string, AttributeValue>, depth: number): void => {
  const outer = reader.enter();
  let key = '';
  let value: AttributeValue = null;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.KeyValue.key) key = reader.string();
    else if (tag === TAG.KeyValue.value) value = readAnyValue(reader, depth);
    else reader.skip(tag);
  }
  reader.leave(outer);
  into.set(key, value);
};

const readAnyValue = (reader: WireReader, depth: number): AttributeValue => {
  checkDepth(depth);
  const T = TAG.AnyValue;
  const outer = reader.enter();
  let value: AttributeValue = null;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === T.string) value = reader.string();
    else if (tag === T.bool) value = reader.bool();
    else if (tag === T.int) value = reader.int64();
    else if (tag === T.double) value = reader.double();
    else if (tag === T.bytes) value = reader.bytes();
    else if (tag === T.array) value = readArray(reader, depth + 1);
    else if (tag === T.kvlist) value = readKeyValueList(reader, depth + 1);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return value;
};

export const readArray = (reader: WireReader, depth: number): AttributeValue => {
  const outer = reader.enter();
  const values: AttributeValue[] = [];
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ArrayValue.values) values.push(readAnyValue(reader, depth));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return values;
};

export const readKeyValueList = (reader: WireReader, depth: number): Attributes => {
  const outer = reader.enter();
  const values = new Map<string, AttributeValue>();
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.KeyValueList.values) readKeyValue(reader, values, depth);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return values;
};
