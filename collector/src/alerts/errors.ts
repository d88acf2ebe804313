/** A silence names a rule or an alert that does not exist. The API answers 404. */
export class UnknownAlertError extends Error {
  override readonly name = 'UnknownAlertError';
}
