/** Incident issues in the environments repository, found by marker and our own app id; the oldest wins. */
export interface Incidents {
  /** The issue of an incident; undefined when none was opened yet. */
  find(incident: string): Promise<number | undefined>;
  open(incident: string, issue: { readonly title: string; readonly body: string }): Promise<number>;
  /** Makes the issue's text and state so; an equal text is not written again. */
  update(issue: number, change: { readonly body: string; readonly closed: boolean }): Promise<void>;
}
