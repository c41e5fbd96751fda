import type { Command } from 'commander';

/** Adds a command with the flags that all have, and an example below its help. */
export type AddCommand = (name: string, description: string, example: string) => Command;

/** Takes the exit code of the command that ran. */
export type Done = (exitCode: number) => void;
