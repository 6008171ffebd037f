/** Bicep read without its compiler: the syntax, and the names of properties. */
import { createRequire } from 'node:module'
import { Language, type Node, Parser } from 'web-tree-sitter'

const { resolve } = createRequire(import.meta.url)

export interface BicepSyntax {
  /** `line:column` of each place that is no Bicep. */
  readonly errors: readonly string[]
  /** Names of the properties of every object in the file. */
  readonly properties: readonly string[]
}

/** Makes a reader; the grammar is a WebAssembly file of the package. */
export async function bicepReader(): Promise<(text: string) => BicepSyntax> {
  await Parser.init()
  const parser = new Parser()
  parser.setLanguage(await Language.load(resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')))
  return (text) => {
    const tree = parser.parse(text)
    if (tree === null) throw new Error('the parser was stopped')
    const errors: string[] = []
    const properties: string[] = []
    for (const node of nodesOf(tree.rootNode)) {
      const { row, column } = node.startPosition
      if (node.isError || node.isMissing) errors.push(`${row + 1}:${column + 1}`)
      const name = node.type === 'object_property' ? node.firstNamedChild?.text : undefined
      if (name !== undefined) properties.push(name.replace(/^'(.*)'$/, '$1'))
    }
    return { errors, properties }
  }
}

function* nodesOf(node: Node): Generator<Node> {
  yield node
  for (const child of node.children) yield* nodesOf(child)
}
