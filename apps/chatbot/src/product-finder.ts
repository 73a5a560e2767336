import type { Product } from '@suite/contracts';

type Search = (words: string, limit: number) => Promise<Product[]>;

export interface FoundProducts {
  /** The best first, at most three. */
  products: Product[];
  /** All of the words occur in them. */
  exact: boolean;
}

const MAX_FOUND = 3;
/** How many single words are tried: each is a question to the stock. */
const MAX_TRIED = 6;

/** `kettles` → `kettle`. The search knows no grammar. */
const singular = (word: string): string => (/[^s]s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word);

const isIn = ({ name }: Product, word: string): boolean => name.toLowerCase().includes(singular(word));

/** Finds products by the words of a sentence, of which some may be of no product: all together first, then one by one. */
export class ProductFinder {
  constructor(private readonly search: Search) {}

  async find(words: string[]): Promise<FoundProducts> {
    for (const phrase of new Set([words.join(' '), words.map(singular).join(' ')])) {
      const products = phrase === '' ? [] : await this.search(phrase, MAX_FOUND);
      if (products.length > 0) return { products, exact: true };
    }
    const tried = [...new Set(words.flatMap((word) => [word, singular(word)]))].slice(0, MAX_TRIED);
    const found = (await Promise.all(tried.map((word) => this.search(word, MAX_FOUND)))).flat();
    const byId = new Map(found.map((product) => [product.id, product]));
    const score = (product: Product) => words.filter((word) => isIn(product, word)).length;
    const products = [...byId.values()].sort((a, b) => score(b) - score(a)).slice(0, MAX_FOUND);
    return { products, exact: false };
  }

  /** Those that are called so. */
  async named(words: string[]): Promise<Product[]> {
    const { products } = await this.find(words);
    return products.filter((product) => words.some((word) => isIn(product, word)));
  }
}
