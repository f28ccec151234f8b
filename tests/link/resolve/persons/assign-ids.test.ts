import { describe, expect, it } from 'vitest'
import type { PersonId, SubjectId } from '../../../../src/domain/ids.ts'
import type { ClusterMember } from '../../../../src/link/cluster/grouping.ts'
import { assignIds } from '../../../../src/link/resolve/persons/assign-ids.ts'
import { newSubject, type Subject } from '../../../../src/link/subjects/subject.ts'

const stored = (id: PersonId): Subject => ({ ...newSubject(id, 'individu'), version: 3, isNew: false })
const [OLD, YOUNG] = [stored('per_1'), stored('per_2')]

function member(key: string, subject: Subject, former?: SubjectId, name = key): ClusterMember {
  const open = () => ({ level: 'individu' as const, key: name, path: '', fields: {} })
  const source = { key, platform: 'p', dataset: 'd', content: key, open, family: undefined, former }
  return { key, source, subject, features: { words: [], extras: {} } }
}

type Given = { brought?: [string, number][]; former?: Subject[]; leaver?: string }

function assign(groups: ClusterMember[][], { brought = [], former = [], leaver }: Given = {}) {
  const members = groups.flat()
  const [first, second] = members
  const decisions =
    leaver === undefined ? [] : [{ a: first?.key ?? '', b: second?.key ?? '', decision: 'different' as const, leaver }]
  let count = 100
  const assignment = assignIds(
    groups,
    {
      members: new Map(members.map((one) => [one.key, one])),
      decisions,
      former: new Map(former.map((subject) => [subject.id, subject])),
    },
    { brought: new Map(brought), lineOf: () => 99 },
    () => `per_${count++}`,
  )
  return {
    ...assignment,
    ids: assignment.persons.map(({ subject }) => subject.id),
    lines: assignment.persons.map(({ lines }) => [...lines]),
  }
}

describe('ids of groups', () => {
  it('stay where nothing changed, and no line stands behind it', () => {
    const { ids, lines, persons, moves } = assign([[member('a', OLD), member('b', OLD)]])
    expect({ ids, lines, moves, isChanged: persons[0]?.isChanged }).toEqual({
      ids: ['per_1'],
      lines: [[]],
      moves: [],
      isChanged: false,
    })
  })

  it('are the oldest of those that meet; a stored one is redirected, a new one was never heard of', () => {
    const group = [member('a', YOUNG), member('b', OLD), member('c', newSubject('per_0', 'individu'))]
    const { ids, merged, lines } = assign([group], { brought: [['c', 7]] })
    expect({ ids, merged, lines }).toEqual({ ids: ['per_1'], merged: [{ from: 'per_2', into: 'per_1' }], lines: [[7]] })
  })

  it('go with most of the records when a person is parted; the rest is somebody new', () => {
    const { ids, moves, lines } = assign([[member('a', OLD)], [member('b', OLD), member('c', OLD)]])
    expect({ ids, moves, lines }).toEqual({
      ids: ['per_100', 'per_1'],
      moves: [{ key: 'a', subject: 'per_100' }],
      lines: [[99], [99]],
    })
  })

  it('go with the name that sorts first when the halves are equal, under whichever index key they are stored', () => {
    for (const [one, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const groups = [[member(one, OLD, undefined, 'K1')], [member(other, OLD, undefined, 'K2')]]
      expect(assign(groups).ids).toEqual(['per_1', 'per_100'])
    }
  })

  it('stay with those from whom a record was taken away', () => {
    expect(assign([[member('a', OLD)], [member('b', OLD)]], { leaver: 'a' }).ids).toEqual(['per_100', 'per_1'])
    expect(assign([[member('a', OLD)], [member('b', OLD)]], { leaver: 'b' }).ids).toEqual(['per_1', 'per_100'])
  })

  it('that a merge had ended live again as a newer version, and others lead to them', () => {
    const ended = [stored('per_3'), stored('per_4')]
    const groups = [[member('a', OLD)], [member('b', OLD, 'per_4'), member('c', OLD, 'per_3')]]
    const { ids, persons, redirected, revived } = assign(groups, { former: ended })
    expect(ids).toEqual(['per_1', 'per_3'])
    expect(persons[1]?.subject.version).toBe(4)
    expect(redirected).toEqual([{ from: 'per_4', into: 'per_3' }])
    expect([...revived]).toEqual(['per_3'])
  })
})
