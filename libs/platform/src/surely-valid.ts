import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, ValidationTypes } from 'class-validator';

/** Whether a value passes, within its body. False: it does not, or only class-validator itself can say. */
type Check = (value: unknown, body: object) => boolean;
type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

const plans = new Map<Type, Map<string, Check>>();

/**
 * The short way to the answer that nearly every message gets. class-validator makes an instance, looks up the rules of its
 * class and an error for each field every time, which costs more than all else that the transport does; here the same
 * rules are looked up once. False means no more than: ask class-validator, which also knows why.
 */
export function isSurelyValid(type: Type, body: object): boolean {
  const plan = planOf(type);
  for (const name of Object.keys(body)) if (!plan.has(name)) return false;
  for (const [name, check] of plan) if (!check((body as Record<string, unknown>)[name], body)) return false;
  return true;
}

function planOf(type: Type): Map<string, Check> {
  const known = plans.get(type);
  if (known) return known;
  const storage = getMetadataStorage();
  const rules = storage.groupByPropertyName(storage.getTargetValidationMetadatas(type, '', false, false));
  const plan = new Map(Object.entries(rules).map(([name, metadata]) => [name, checkOf(type, name, metadata)]));
  plans.set(type, plan);
  return plan;
}

function checkOf(type: Type, name: string, metadata: Metadata[]): Check {
  const conditions: Check[] = [];
  const checks: Check[] = [];
  for (const one of metadata) {
    if (one.type === ValidationTypes.CONDITIONAL_VALIDATION) conditions.push(conditionOf(one));
    else checks.push(...checksOf(type, name, one));
  }
  return (value, body) => {
    for (const condition of conditions) if (!condition(value, body)) return true;
    for (const check of checks) if (!check(value, body)) return false;
    return true;
  };
}

const conditionOf = ({ constraints }: Metadata): Check => {
  const holds = constraints[0] as (body: object, value: unknown) => boolean;
  return (value, body) => holds(body, value);
};

const UNSURE: Check[] = [() => false];

function checksOf(type: Type, name: string, metadata: Metadata): Check[] {
  if (metadata.type === ValidationTypes.NESTED_VALIDATION) return [nestedCheck(nestedTypeOf(type, name))];
  if (metadata.type !== ValidationTypes.CUSTOM_VALIDATION || metadata.validateIf) return UNSURE;
  const { each, constraints } = metadata;
  return getMetadataStorage()
    .getTargetValidatorConstraints(metadata.constraintCls)
    .flatMap(({ instance, async }): Check[] => {
      if (async) return UNSURE;
      const passes: Check = (value, object) => {
        const { name: targetName } = type;
        return instance.validate(value, { value, object, property: name, constraints, targetName }) === true;
      };
      return [each ? (value, body) => Array.isArray(value) && value.every((one) => passes(one, body)) : passes];
    });
}

function nestedCheck(type: Type): Check {
  const passes = (value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && isSurelyValid(type, value);
  return (value) => (Array.isArray(value) ? value.every(passes) : passes(value));
}

/** What class-transformer would make of it. */
const nestedTypeOf = (type: Type, name: string): Type =>
  (plainToInstance(type, { [name]: {} }) as Record<string, object>)[name].constructor as Type;
