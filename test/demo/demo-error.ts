/** An end of the demo that needs no stack: the message says what a person has to know. */
export class DemoError extends Error {}
