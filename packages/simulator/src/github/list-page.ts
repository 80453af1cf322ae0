export interface ListPage<T> {
  readonly items: readonly T[]
  /** `Link`, where there is more than one page: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
  readonly headers: Readonly<Record<string, string>>
}

/** The page of a list that `per_page` (default 30, at most 100) and `page` (from 1) ask for. */
export function listPage<T>(all: readonly T[], url: URL): ListPage<T> {
  const size = Math.min(Math.max(Number(url.searchParams.get('per_page') ?? 30) || 30, 1), 100)
  const page = Math.max(Number(url.searchParams.get('page') ?? 1) || 1, 1)
  const last = Math.ceil(all.length / size)

  const link = (relation: string, target: number) => {
    const address = new URL(url)
    address.searchParams.set('page', String(target))
    return `<${address.href}>; rel="${relation}"`
  }
  const links = [
    ...(page > 1 ? [link('prev', page - 1)] : []),
    ...(page < last ? [link('next', page + 1), link('last', last)] : []),
    ...(page > 1 ? [link('first', 1)] : []),
  ]
  return { items: all.slice((page - 1) * size, page * size), headers: links.length > 0 ? { link: links.join(', ') } : {} }
}
