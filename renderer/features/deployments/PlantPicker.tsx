// Choosing plants, with gloves: a whole line is the target, and only the lines in sight are drawn.

import { Checkbox, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useId, useRef, useState } from 'react';
import type { Plant, PlantId } from '../../../shared/model/plant.ts';
import classes from './PlantPicker.module.css';

const lineHeight = 50;

const fits = ({ name, site, plantId }: Plant, query: string): boolean =>
  [name, site ?? '', plantId].some((text) => text.toLowerCase().includes(query.trim().toLowerCase()));

/** `remark` stands at the end of a plant's line. What `isRefused` cannot be chosen; its remark should say why. */
export function PlantPicker({
  label,
  plants,
  chosen,
  onChange,
  remark,
  isRefused,
}: {
  label: string;
  plants: readonly Plant[];
  chosen: readonly PlantId[];
  onChange: (chosen: readonly PlantId[]) => void;
  remark: (plant: Plant) => ReactNode;
  isRefused: (plant: Plant) => boolean;
}) {
  const [query, setQuery] = useState('');
  const allId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const shown = plants.filter((plant) => fits(plant, query));
  const lines = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 6,
  });
  const isChosen = new Set(chosen);
  const offered = shown.filter((plant) => !isRefused(plant)).map(({ plantId }) => plantId);
  const chosenHere = offered.filter((plantId) => isChosen.has(plantId)).length;
  const choose = (plantIds: readonly PlantId[], isOn: boolean) => {
    const touched = new Set(plantIds);
    const others = chosen.filter((plantId) => !touched.has(plantId));
    onChange(isOn ? [...others, ...plantIds] : others);
  };
  return (
    <fieldset className={classes.picker} aria-label={label}>
      <TextInput
        aria-label="Search name, site or id"
        placeholder="Search name, site or id"
        leftSection={<IconSearch size={20} aria-hidden />}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      <div className={classes.list}>
        <div className={classes.all}>
          <Checkbox
            id={allId}
            size="md"
            checked={offered.length > 0 && chosenHere === offered.length}
            indeterminate={chosenHere > 0 && chosenHere < offered.length}
            disabled={offered.length === 0}
            onChange={(event) => choose(offered, event.currentTarget.checked)}
          />
          <label htmlFor={allId} className={classes.label}>
            <span className={classes.name}>
              {query.trim() ? `All ${offered.length} found` : `All ${offered.length} plants`}
            </span>
          </label>
          <span className={classes.remark} role="status">
            {chosen.length} chosen
          </span>
        </div>
        <div ref={scroller} className={classes.scroller}>
          {shown.length === 0 && <div className={classes.none}>No plant fits the search.</div>}
          <div className={classes.lines} style={{ height: lines.getTotalSize() }}>
            {lines.getVirtualItems().map(({ index, start }) => {
              const plant = shown[index];
              if (!plant) return null;
              const { plantId, name, site } = plant;
              const id = `${allId}-${plantId}`;
              return (
                <div
                  key={plantId}
                  className={classes.line}
                  style={{ height: lineHeight, transform: `translateY(${start}px)` }}
                >
                  <Checkbox
                    id={id}
                    size="md"
                    checked={isChosen.has(plantId)}
                    disabled={isRefused(plant)}
                    onChange={(event) => choose([plantId], event.currentTarget.checked)}
                  />
                  <label htmlFor={id} className={classes.label}>
                    <span className={classes.words}>
                      <span className={classes.name} title={name}>
                        {name}
                      </span>
                      <span className={classes.site}>{site ?? plantId.slice(0, 8)}</span>
                    </span>
                    <span className={classes.remark}>{remark(plant)}</span>
                  </label>
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </fieldset>
  );
}
