/** Days as a stack file writes them. */
import { z } from "zod";
import { isDay } from "./calendar";

/**
 * A calendar day, `2027-03-31`. A grant holds to the end of that day in UTC.
 *
 * Pulumi's YAML reader takes an unquoted day for a timestamp and hands the program `2027-03-31 00:00:00 +0000 UTC`
 * (seen with pulumi 3.230.0; it even rewrites the stack file so). Midnight in UTC is therefore read as the day it names.
 */
export const daySchema = z
  .string("a date written as YYYY-MM-DD")
  .overwrite((value) => value.replace(/^(\d{4}-\d{2}-\d{2})[ T]00:00:00(?: \+0000 UTC|Z)$/, "$1"))
  .regex(/^\d{4}-\d{2}-\d{2}$/, "a date written as YYYY-MM-DD")
  .refine(isDay, "a day that exists in the calendar, as YYYY-MM-DD");

/** `90d`, as whole days. */
export const daysSchema = z.string("a number of whole days such as 90d").regex(/^[1-9]\d{0,3}d$/, "a number of whole days such as 90d");
