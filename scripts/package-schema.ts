/** The parts of Pulumi's package schema that the generators write. */

/** One input, output or field, as Pulumi's package schema writes it (pulumi.com/docs/iac/using-pulumi/extending-pulumi/schema). */
export interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly plain?: boolean;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly secret?: boolean;
}

export type Properties = Readonly<Record<string, PropertySchema>>;

export interface TypeSchema {
  readonly type: string;
  readonly description?: string;
  readonly properties?: Properties;
  readonly required?: readonly string[];
  readonly enum?: readonly { readonly name: string; readonly value: string; readonly description?: string }[];
}

export interface ComponentSchema extends TypeSchema {
  readonly isComponent: boolean;
  readonly properties: Properties;
  readonly inputProperties: Properties;
  readonly requiredInputs: readonly string[];
}

export interface PackageSchema {
  readonly name: string;
  readonly version: string;
  readonly resources: Readonly<Record<string, ComponentSchema>>;
  readonly types: Readonly<Record<string, TypeSchema>>;
  readonly language: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}
