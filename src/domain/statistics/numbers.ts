/**
 * A column of numbers, of any number of rows: a list, or the typed array in which an engine gives millions of them, eight bytes each.
 * What makes a column of a column makes one of the same sort.
 */
export type Numbers = ArrayLike<number> &
  Iterable<number> & {
    keys(): Iterable<number>;
    includes(value: number): boolean;
    map(of: (value: number, row: number) => number): Numbers;
    filter(keeps: (value: number, row: number) => boolean): Numbers;
    every(holds: (value: number, row: number) => boolean): boolean;
    some(holds: (value: number, row: number) => boolean): boolean;
    forEach(see: (value: number, row: number) => void): void;
    reduce(add: (sum: number, value: number, row: number) => number, start: number): number;
  };
