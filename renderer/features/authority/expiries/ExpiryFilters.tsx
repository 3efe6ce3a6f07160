import { SegmentedControl, Switch } from '@mantine/core';
import { SearchField } from '../../../ui/FilterRow.tsx';
import classes from './ExpiriesPanel.module.css';
import { type ExpiryFilter, type ExpiryGroup, expiryGroups } from './filter.ts';

const groupWords: Record<ExpiryGroup, string> = {
  certificates: 'Certificates',
  crls: 'CRLs',
  tokens: 'Tokens',
  tokenKeys: 'Token keys',
  authorities: 'Authorities',
};

/** `counts`: how many a choice of the kind would list; `shown` of `total` are listed now. */
export function ExpiryFilters({
  filter,
  counts,
  shown,
  total,
  onChange,
}: {
  filter: ExpiryFilter;
  counts: ReadonlyMap<ExpiryGroup, number>;
  shown: number;
  total: number;
  onChange: (filter: ExpiryFilter) => void;
}) {
  return (
    <search className={classes.filters}>
      <div className={classes.row}>
        <SegmentedControl
          aria-label="Kind"
          value={filter.group ?? ''}
          onChange={(value) => onChange({ ...filter, group: expiryGroups.find((group) => group === value) ?? null })}
          data={[
            { value: '', label: 'All' },
            ...expiryGroups.map((group) => ({ value: group, label: `${groupWords[group]} ${counts.get(group) ?? 0}` })),
          ]}
        />
        <span className={classes.count} role="status">
          {shown} of {total}
        </span>
      </div>
      <div className={classes.row}>
        <SearchField
          label="Search name or site"
          value={filter.query}
          onChange={(query) => onChange({ ...filter, query })}
        />
        <Switch
          size="md"
          label="Show what has ended"
          checked={filter.isEndedShown}
          onChange={(event) => onChange({ ...filter, isEndedShown: event.currentTarget.checked })}
        />
      </div>
    </search>
  );
}
